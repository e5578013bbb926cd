-- A batch of the posting engine is decided from what the batch before it on the same connection will
-- leave, and is sent before that one is committed. It may be written only if that one was: its rows
-- could have come to the same revisions in another way. The setting is part of the transaction, so a
-- batch that was rolled back leaves the number of the one before it.
create function newday.follow_batch(previous bigint, own bigint) returns void
language plpgsql as $$
begin
  if coalesce(nullif(current_setting('newday.last_batch', true), ''), '0')::bigint <> previous then
    raise exception 'batch % of this connection was not committed', previous using errcode = 'ND004';
  end if;
  perform set_config('newday.last_batch', own::text, false);
end $$;
