TRUNCATE cart, item;
