-- Why a transfer was made, in the words of its caller. Null in most rows, where it takes no room.
alter table newday.transfers add column reason text;
comment on column newday.transfers.reason is 'on the first line of a transfer, as `reference`';
