import { expect, test } from 'vitest';
import { toAccountAddress } from '../../bin/settings/account-address.ts';

test.each([
  ['acme', 'https://api.caresoft.vn/acme'],
  [' "acme" ', 'https://api.caresoft.vn/acme'],
  ['acme.caresoft.vn', 'https://api.caresoft.vn/acme'],
  ['api.caresoft.vn/acme', 'https://api.caresoft.vn/acme'],
  ['https://api2.caresoft.vn/acme/', 'https://api2.caresoft.vn/acme'],
  ['https://api.caresoft.vn/acme/api/v1/chats?page=1', 'https://api.caresoft.vn/acme'],
  ['localhost:8080/demo/api/v1', 'http://localhost:8080/demo'],
  ['http://127.0.0.1:8080/demo', 'http://127.0.0.1:8080/demo'],
])('%s is the address of an account', (text, address) => {
  expect(toAccountAddress(text)).toBe(address);
});

test.each([
  ['https://api.caresoft.vn', 'https://api.caresoft.vn'],
  ['https://api.caresoft.vn/api/v1/chats', 'https://api.caresoft.vn/api/v1/chats'],
  ['https://me:secret@api.caresoft.vn/acme', 'https://me:secret@api.caresoft.vn/acme'],
  ['of acme', 'of acme'],
  ['', ''],
])('%s stays what it is, for its setting to refuse', (text, kept) => {
  expect(toAccountAddress(text)).toBe(kept);
});
