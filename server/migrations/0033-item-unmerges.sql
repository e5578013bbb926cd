-- A merge of adoption that was undone: the transfer that issued the duplicate as an item of its own.
alter table newday.item_merges add column unmerged_transfer_id uuid;
comment on column newday.item_merges.unmerged_transfer_id is
  'set once, by newday items unmerge; from then on merged_id is an item of its own';
