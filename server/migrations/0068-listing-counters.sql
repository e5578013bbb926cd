-- A seller has a limit of active listings. The listings from before it count, and stay; the id is that of
-- `listingCounter` in the server.
insert into newday.limit_counters (id, count)
select '["listed",' || to_json(seller_id)::text || ']', count(*)
from newday.listings
where status = 'active' and kind = 'escrowed' and seller_id is not null
group by seller_id;
