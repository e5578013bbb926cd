-- Recipes: what a platform lets its users make out of items and money. A version never changes, so
-- that what was made can always be explained; a new text of a recipe is a new version.
create table newday.recipes (
  platform text not null,
  id text not null,
  version bigint not null,
  name text not null,
  inputs jsonb not null,
  prices jsonb not null,
  outputs jsonb not null,
  created_at timestamptz not null default now(),
  constraint recipes_pkey primary key (platform, id, version),
  constraint recipes_id_form check (id ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  constraint recipes_version_range check (version > 0)
);
comment on column newday.recipes.inputs is '[{definitionId, quantity}]: consumed';
comment on column newday.recipes.prices is 'currency code -> minor units as text: paid, all of them';
comment on column newday.recipes.outputs is '[{definitionId, quantity}]: issued';
create trigger recipes_append_only before update or delete or truncate on newday.recipes
  for each statement execute function newday.refuse_change();
