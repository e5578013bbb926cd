-- What an operator of New Day freezes or closes, a platform cannot lift. What is frozen or closed already
-- stays liftable by both: who did it is not known.
alter table newday.accounts
  drop constraint accounts_flags,
  add constraint accounts_flags check (flags between 0 and 15);
comment on column newday.accounts.flags is
  '1 debits frozen, 2 credits frozen, 4 closed, 8 by an operator';
