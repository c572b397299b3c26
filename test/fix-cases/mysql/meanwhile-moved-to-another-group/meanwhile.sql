UPDATE cart SET session = CASE id WHEN 1 THEN 'b' ELSE session END;
