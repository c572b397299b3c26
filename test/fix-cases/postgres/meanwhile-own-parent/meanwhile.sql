UPDATE folder SET parent_id = 5 WHERE id = 1;
