-- Acts of operators on a user are in their log, with the user's id as the subject. Erasure and export find them by
-- the same rule as the other rows of the logs.
create or replace function newday.is_change_of(what text, subject text, before jsonb, after jsonb, of_user text) returns boolean
language sql immutable as $$
  select coalesce(case
    when what = 'user-freeze'
      then subject in ('user-freeze:' || of_user || ':platform', 'user-freeze:' || of_user || ':operator')
    when what = 'consent' then newday.payer_of_consent(subject) = of_user
    when what = 'limit' then of_user in (before->>'userId', after->>'userId')
    when what in ('link', 'unlink')
      then subject = 'link:' || of_user or of_user in (before->>'userId', after->>'userId')
    when what in ('test-user add', 'test-user remove') or what like 'user %' then subject = of_user
    when what = 'purchase refund' then substring(subject from '^[0-9a-f-]{36} \((.*)\)$') = of_user
  end, false)
$$;
