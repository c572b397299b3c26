CREATE UNIQUE INDEX one_item ON item (cart_id);
