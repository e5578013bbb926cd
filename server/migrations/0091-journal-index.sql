-- Finds the rows of a range of numbers. An index of ranges costs an insert next to nothing and is a thousandth of a
-- B-tree's size; rows are appended, so its ranges are narrow.
create index concurrently transfers_sequence on newday.transfers
  using brin (sequence) with (pages_per_range = 32, autosummarize = on);
