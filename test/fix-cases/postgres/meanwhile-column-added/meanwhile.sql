ALTER TABLE cart ADD note text;
