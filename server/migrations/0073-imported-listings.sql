-- A seller has a limit of active listings of imported items. Those from before it count, and stay; the id is
-- that of `limitsOf` in the server.
insert into newday.limit_counters (id, count)
select '["imported",' || to_json(l.seller_id)::text || ']', count(*)
from newday.listings l join newday.items i on i.id = l.item_id
where l.status = 'active' and l.kind = 'escrowed' and l.seller_id is not null
  and i.external_id is not null
group by l.seller_id;
