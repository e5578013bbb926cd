-- PostgreSQL tidies a page (it "prunes" dead versions) at every visit while less of it is free than the fill
-- factor leaves free. Pages that are filled to 50 % and must stay so are therefore tidied at every update, a
-- fifth of what an update costs. Now a page is tidied when less than a tenth is free. What keeps half of it
-- free is room: a new row brings as much as one version of it needs, and its first update gives it back.
alter table newday.accounts
  add column room text not null default repeat(' ', 100),
  set (fillfactor = 90);
comment on column newday.accounts.room is 'space for the next version of a row that was never updated';
