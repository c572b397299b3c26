-- The condition and the key call functions of the application, found along the search path.
CREATE FUNCTION is_open(status text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$SELECT status IN ('new', 'paid')$$;
CREATE FUNCTION digits(phone text) RETURNS text IMMUTABLE LANGUAGE sql AS $$SELECT regexp_replace(phone, '\D', '', 'g')$$;
CREATE TABLE orders (id int PRIMARY KEY, phone text NOT NULL, status text NOT NULL);
INSERT INTO orders VALUES (1, '12-34', 'new'), (2, '1 234', 'new'), (3, '1234', 'closed'), (4, '1234', 'closed'), (5, '5', 'paid');
