/** What `fix` is shown on: a cart to merge, tags to decide on, an account that is protected, events that can't be. */
export const shop = `
  CREATE TABLE cart (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, session_id text NOT NULL,
    quantity int NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cart_id bigint NOT NULL REFERENCES cart (id) ON DELETE CASCADE, product int NOT NULL);
  CREATE TABLE audit_log (id bigserial PRIMARY KEY, cart_id bigint);
  CREATE TABLE tag (id bigserial PRIMARY KEY, name text NOT NULL, color text);
  CREATE TABLE account (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE);
  CREATE TABLE event (id bigint, kind text NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
  CREATE TABLE event_all PARTITION OF event DEFAULT;
  INSERT INTO cart (session_id, quantity, created_at) VALUES ('secret-a', 1, '2026-01-02'), ('secret-a', 2, '2026-01-01'),
    ('secret-b', 5, '2026-01-01'), ('secret-a', 4, '2026-01-03');
  INSERT INTO item (cart_id, product) VALUES (1, 10), (2, 11), (4, 12), (3, 10);
  INSERT INTO audit_log (cart_id) VALUES (2);
  INSERT INTO tag (name, color) VALUES ('red', 'secret-f00'), ('red', 'secret-a00'), ('blue', NULL), ('blue', 'secret-00f');
  INSERT INTO event VALUES (1, 'open', '2026-01-01'), (2, 'open', '2026-01-02');`

const keySets = {
  cart: '{ table: cart, columns: [session_id], merge: { quantity: sum } }',
  tag: '{ table: tag, columns: [name] }',
  account: '{ table: account, columns: [email] }',
  event: '{ table: event, columns: [kind] }',
}

/** The configuration. */
export const declare = (...names: readonly (keyof typeof keySets)[]): string =>
  `keysets:\n${names.map((name) => `  - ${keySets[name]}\n`).join('')}`
