-- A refund of a purchase gives money, commission and goods back in one posting. One row per purchase sums its
-- refunds, so that two at once never give back more than was paid.
create table newday.purchase_refunds (
  purchase_id text not null constraint purchase_refunds_pkey primary key,
  -- As bought: constants of the purchase.
  of_quantity bigint not null,
  of_price bigint not null,
  of_commission bigint not null,
  quantity bigint not null,
  -- What came back of the goods; fewer than `quantity` when some were gone.
  items bigint not null,
  price bigint not null,
  commission bigint not null,
  -- The part of what came back that is locked again, because locked coins had paid it.
  locked bigint not null default 0,
  revision bigint not null default 1,
  constraint purchase_refunds_within check (
    quantity between 1 and of_quantity and items between 0 and quantity
    and price between 0 and of_price and commission between 0 and of_commission
    and locked between 0 and price + commission)
);

-- How long sellers and a platform may refund, and who gives the commission back; no row: 14 days, the fees.
create table newday.refund_policies (
  platform text not null constraint refund_policies_pkey primary key,
  window_days int not null,
  commission text not null,
  version bigint not null default 1,
  revision bigint not null default 1,
  constraint refund_policies_window check (window_days between 0 and 3650),
  constraint refund_policies_commission_known check (commission in ('fees', 'seller', 'kept'))
);

-- Written by the posting engine alone.
do $$ begin
  execute replace(pg_get_functiondef('newday.grant_roles'::regproc),
    '''user_freezes''', '''user_freezes'', ''purchase_refunds'', ''refund_policies''');
end $$;
select newday.grant_roles();
