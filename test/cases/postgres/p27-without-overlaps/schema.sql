-- needs: from 18, extension btree_gist
CREATE TABLE t (id int, valid daterange, PRIMARY KEY (id, valid WITHOUT OVERLAPS));
