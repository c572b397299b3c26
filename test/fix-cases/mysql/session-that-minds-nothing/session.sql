SET SESSION sql_mode = '';
SET SESSION autocommit = 0, foreign_key_checks = 0, unique_checks = 0, sql_safe_updates = 1, sql_select_limit = 1, group_concat_max_len = 4, time_zone = '+09:00', sql_auto_is_null = 1, div_precision_increment = 0, lock_wait_timeout = 1000;
SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SET NAMES latin1;
USE information_schema;
