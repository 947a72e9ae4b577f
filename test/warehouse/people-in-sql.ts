import { type Ask, toPlain } from './duck.ts';

/** As readers tell a text from others. */
const asRead = (text: string) => {
  const seen = `regexp_replace(nfc_normalize(${text}), '[\\p{Cf}\\x{fe00}-\\x{fe0f}\\x{34f}\\x{3164}]', '', 'g')`;
  return `nullif(trim(regexp_replace(${seen}, '[\\s\\p{Z}\\p{Cc}\\x{2800}]+', ' ', 'g')), '')`;
};

/** An expression for what chats are grouped by, whatever the spelling. */
export const canonical = (expression: string) => asRead(`(${expression})::VARCHAR`);

const DIGITS = `replace(regexp_replace(customer_phone, '[^0-9+]', '', 'g'), '+', '')`;
const PHONE = `CASE
  WHEN length(${DIGITS}) = 9 AND regexp_matches(${DIGITS}, '^[35789]') THEN '0' || ${DIGITS}
  WHEN regexp_matches(${DIGITS}, '^0084') OR regexp_matches(customer_phone, '^[^0-9+]*\\+84')
    OR (regexp_matches(${DIGITS}, '^84') AND length(${DIGITS}) >= 11)
  THEN '0' || regexp_replace(regexp_replace(${DIGITS}, '^(00)?84', ''), '^0+', '')
  ELSE ${DIGITS} END`;

/** Who is one person on a day, from names, ids, phones and e-mails alone. */
const PEOPLE = (day: string) => `
  WITH RECURSIVE told AS (
    SELECT
      customer, customer_id, lower(${asRead('customer_name')}) AS name,
      channel || ':' || conversation_id AS chat,
      customer_phone_normalized AS normalized,
      CASE WHEN length(${PHONE}) BETWEEN 7 AND 15 THEN ${PHONE} END AS phone,
      CASE WHEN regexp_full_match(customer_email, '[^\\s@]+@[^\\s@]+') THEN lower(customer_email) END AS email
    FROM chats WHERE dt = '${day}'
  ),
  typed AS (
    SELECT * REPLACE (
      CASE WHEN length(phone) >= 9 AND NOT contains('01234567890', phone)
        AND len(list_distinct(string_split(phone, ''))) > 1
        AND len(list_distinct(string_split(regexp_replace(phone, '^0', ''), ''))) > 1
      THEN phone END AS phone
    ) FROM told
  ),
  writer AS (
    SELECT *, CASE
      WHEN customer_id IS NOT NULL THEN 'id ' || customer_id
      WHEN phone IS NOT NULL THEN phone || ' ' || coalesce(name, '')
      WHEN email IS NOT NULL THEN email || ' ' || coalesce(name, '')
      ELSE 'chat ' || chat END AS token
    FROM typed
  ),
  named AS (SELECT token, min(name) AS name, count(DISTINCT name) AS names FROM writer GROUP BY token),
  holder AS (
    SELECT DISTINCT token, contact FROM (
      SELECT token, phone AS contact FROM writer UNION ALL SELECT token, email FROM writer
    ) WHERE contact IS NOT NULL AND token NOT LIKE 'id erased-%'
  ),
  said AS (
    SELECT contact, count(DISTINCT name) AS names
    FROM holder JOIN (SELECT DISTINCT token, name FROM writer WHERE name IS NOT NULL) USING (token)
    GROUP BY contact
  ),
  agreeing AS (
    SELECT contact, token, named.name, CASE WHEN coalesce(said.names, 0) > 1 THEN named.name ELSE '' END AS called
    FROM holder JOIN named USING (token) LEFT JOIN said USING (contact)
    WHERE named.names < 2 AND (coalesce(said.names, 0) < 2 OR named.name IS NOT NULL)
  ),
  crowd AS (
    SELECT DISTINCT contact FROM (
      SELECT contact FROM agreeing WHERE token LIKE 'id %' GROUP BY contact, called HAVING count(*) > 4
    )
  ),
  linked AS (
    SELECT DISTINCT one.token AS one, other.token AS other,
      one.name IS NOT NULL AND other.name IS NOT NULL AS are_named
    FROM agreeing AS one JOIN agreeing AS other USING (contact, called)
    WHERE contact NOT IN (FROM crowd)
  ),
  loose AS (
    SELECT token, token AS other FROM named
    UNION
    SELECT loose.token, linked.other FROM loose JOIN linked ON linked.one = loose.other
  ),
  component AS (SELECT token, min(other) AS label FROM loose GROUP BY token),
  parted AS (
    SELECT label FROM component JOIN named USING (token) GROUP BY label HAVING count(DISTINCT name) > 1
  ),
  strict AS (
    SELECT token, token AS other FROM named
    UNION
    SELECT strict.token, linked.other
    FROM strict JOIN linked ON linked.one = strict.other JOIN component ON component.token = linked.one
    WHERE are_named OR label NOT IN (FROM parted)
  ),
  person AS (SELECT token, min(other) AS label FROM strict GROUP BY token),
  crowded AS (SELECT label FROM person WHERE token LIKE 'id %' GROUP BY label HAVING count(*) > 4)
  SELECT
    CASE WHEN label IN (FROM crowded) THEN token ELSE label END AS person,
    customer, phone, normalized, told_phone
  FROM writer JOIN person USING (token) JOIN (SELECT chat, phone AS told_phone FROM told) USING (chat)`;

interface Counts {
  readonly persons: number;
  readonly customers: number;
  readonly pairs: number;
  readonly otherPhones: number;
}

/** How many persons there are, how many the table has, how many pairs of both, and how many phones are otherwise normal. */
export async function peopleIn(ask: Ask, day: string): Promise<Counts> {
  const [row = {}] = await ask(`
    SELECT
      count(DISTINCT person) AS persons, count(DISTINCT customer) AS customers,
      count(DISTINCT (person, customer)) AS pairs,
      count(*) FILTER (normalized IS DISTINCT FROM told_phone) AS "otherPhones"
    FROM (${PEOPLE(day)})`);
  const of = (name: string) => Number(toPlain(row[name]));
  return {
    persons: of('persons'),
    customers: of('customers'),
    pairs: of('pairs'),
    otherPhones: of('otherPhones'),
  };
}
