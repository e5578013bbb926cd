-- Item types and rarities of a platform's own, beside the nine and the five that belong to all. A version never changes; a
-- new text of a label is a new version, and the newest counts.
--   skeleton  equal for names that look alike: a platform has one label of each look
--   shown_as  the one of the nine (or five) that older clients see
--   fields    of a type: the rules of the fields that its items have
-- A row whose name is one of the nine declares which stats the imports of the platform's users may bring.
create table newday.item_labels (
  platform text not null,
  kind text not null,
  skeleton text not null,
  version bigint not null,
  name text not null,
  shown_as text not null,
  fields jsonb not null,
  retired boolean not null,
  changed_by text not null,
  created_at timestamptz not null default now(),
  constraint item_labels_pkey primary key (platform, kind, skeleton, version),
  constraint item_labels_kind_known check (kind in ('type', 'rarity')),
  constraint item_labels_name_length check (char_length(name) between 1 and 32),
  constraint item_labels_version_range check (version > 0),
  constraint item_labels_fields_array check (jsonb_typeof(fields) = 'array')
);
create trigger item_labels_append_only before update or delete or truncate on newday.item_labels
  for each statement execute function newday.refuse_change();

-- own_type and own_rarity are `platform:name`; item_type and rarity stay what older clients see. base_id is the id of the
-- same facts without fields, where there are fields: items change their fields, and of each base the quantity stays.
alter table newday.item_definitions
  add column own_type text,
  add column own_rarity text,
  add column fields jsonb,
  add column base_id uuid,
  add constraint item_definitions_fields_based check ((fields is null) = (base_id is null));
create index item_definitions_own_type on newday.item_definitions (own_type)
  where own_type is not null;

-- Changes of an item's fields: the definitions before and after the row of its history.
create table newday.item_field_changes (
  item_id text not null,
  version bigint not null,
  definition_before uuid not null,
  definition_after uuid not null,
  constraint item_field_changes_pkey primary key (item_id, version)
);
create trigger item_field_changes_append_only
  before update or delete or truncate on newday.item_field_changes
  for each statement execute function newday.refuse_change();

-- Written by the posting engine alone.
do $$ begin
  execute replace(pg_get_functiondef('newday.grant_roles'::regproc),
    '''item_history'',', '''item_history'', ''item_field_changes'',');
end $$;
select newday.grant_roles();
