UPDATE cart SET note = 'y' WHERE id = 2;
