-- Each side owns its freezes and closings: bits 4 to 6 are the platform's, 7 to 9 an operator's, and
-- bits 0 to 2 are what holds for the account, their union. A release before this one reads bits 0 to 3
-- only and therefore obeys both sides.
alter table newday.accounts
  drop constraint accounts_flags,
  add constraint accounts_flags check (flags between 0 and 1023);
comment on column newday.accounts.flags is
  '1 debits frozen, 2 credits frozen, 4 closed, 8 by an operator; the same three of the platform from 16, of an operator from 128';
