SET SESSION group_concat_max_len = 4;
