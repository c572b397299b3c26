import { CARTS, SESSIONS, type Shop } from './writers-shop.js'

const actions: Readonly<Record<Shop['onDelete'], string>> = {
  'ON DELETE CASCADE': 'ON DELETE CASCADE',
  'ON DELETE SET NULL': 'ON DELETE SET NULL',
  'NO ACTION': '',
  // Checks that come at the end of a transaction are unknown here.
  'DEFERRABLE INITIALLY DEFERRED': 'ON DELETE RESTRICT',
}

/** The numbers from 1. */
const numbers = (most: number) =>
  `(SELECT 1 + a.n + 10 * b.n + 100 * c.n AS n FROM ${['a', 'b', 'c'].map((name) => `(${digits}) AS ${name}`).join(', ')}) AS numbers WHERE n <= ${most}`
const digits = Array.from({ length: 10 }, (_, n) => `SELECT ${n}${n === 0 ? ' AS n' : ''}`).join(' UNION ALL ')

/**
 * As `shopSql`, in a database that is made anew and used. Cascades fire no triggers: whoever deletes a parent writes down
 * its children. They can't change any more then, nor become more, since the parent is locked.
 */
export function mysqlShopSql({ schema, onDelete }: Shop): string {
  const reference = actions[onDelete]
  const cascades = onDelete === 'ON DELETE CASCADE'
  const gone = (what: string, from: string, where = 'TRUE') =>
    `INSERT INTO gone SELECT ${what} FROM ${from} WHERE @writer = 1 AND ${where}${from === 'DUAL' ? '' : ' LOCK IN SHARE MODE'};`
  const marksOf = (items: string) => gone("'mark', m.trail, 0", 'mark m', `m.item_id ${items}`)
  return `DROP DATABASE ${schema}; CREATE DATABASE ${schema} CHARACTER SET utf8mb4; USE ${schema};
  CREATE TABLE cart (id bigint AUTO_INCREMENT PRIMARY KEY, session varchar(40) NOT NULL, note varchar(40),
    hits int NOT NULL DEFAULT 0, trail text NOT NULL, created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, KEY (session));
  CREATE TABLE item (id bigint AUTO_INCREMENT PRIMARY KEY, cart_id bigint, product int NOT NULL, qty int NOT NULL DEFAULT 1,
    trail text NOT NULL, UNIQUE (cart_id, product), FOREIGN KEY (cart_id) REFERENCES cart (id) ${reference});
  CREATE TABLE mark (id bigint AUTO_INCREMENT PRIMARY KEY, item_id bigint, trail text NOT NULL,
    FOREIGN KEY (item_id) REFERENCES item (id) ${reference});
  CREATE TABLE gone (relation varchar(10) NOT NULL, trail text NOT NULL, amount int NOT NULL);
  CREATE TRIGGER cart_gone BEFORE DELETE ON cart FOR EACH ROW BEGIN
    ${gone("'cart', OLD.trail, OLD.hits", 'DUAL')}
    ${cascades ? gone("'item', i.trail, i.qty", 'item i', 'i.cart_id = OLD.id') : ''}
    ${cascades ? marksOf('IN (SELECT j.id FROM item j WHERE j.cart_id = OLD.id)') : ''}
  END;
  CREATE TRIGGER item_gone BEFORE DELETE ON item FOR EACH ROW BEGIN
    ${gone("'item', OLD.trail, OLD.qty", 'DUAL')}
    ${cascades ? marksOf('= OLD.id') : ''}
  END;
  CREATE TRIGGER mark_gone BEFORE DELETE ON mark FOR EACH ROW ${gone("'mark', OLD.trail, 0", 'DUAL')}
  INSERT INTO cart (session, note, hits, trail)
    SELECT CONCAT('s', n % ${SESSIONS}), IF(n % 3 = 0, 'n', NULL), n, CONCAT(' cart-', n) FROM ${numbers(CARTS)} ORDER BY n;
  INSERT INTO item (cart_id, product, qty, trail)
    SELECT 1 + n % ${CARTS}, n DIV ${CARTS}, n % 5, CONCAT(' item-', n) FROM ${numbers(2 * CARTS)} ORDER BY n;
  INSERT INTO mark (item_id, trail) SELECT n, CONCAT(' mark-', n) FROM ${numbers(CARTS)} ORDER BY n;`
}
