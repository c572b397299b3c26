USE information_schema;
