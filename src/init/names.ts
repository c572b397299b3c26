/** Last words of column names by which applications look rows up. */
const KEYS = new Set(
  `session session_id session_key session_token cookie_id visitor_id anonymous_id email email_address mail slug
  username user_name login handle nickname token api_key key code external_id ext_id remote_id foreign_id source_id
  provider_id provider_uid uid uuid guid public_id sku isbn ean gtin iban vin msisdn phone phone_number serial
  serial_number device_id number reference ref hash digest checksum sha1 sha256 md5 fingerprint idempotency_key
  request_id transaction_id message_id event_id customer_id subscription_id domain hostname permalink shortcode`.split(
    /\s+/,
  ),
)

/** Whether a column is called as natural keys are: `session_id`, `customerEmail`, `invoice_number`. */
export function namedLikeKey(column: string): boolean {
  const words = column
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  return words.some((_, start) => KEYS.has(words.slice(start).join('_')))
}
