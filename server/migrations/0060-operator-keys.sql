-- An operator's key acts as New Day for the users of every platform; a platform's key for its own users.
alter table newday.platform_keys
  add column role text not null default 'platform',
  add constraint platform_keys_role_known check (role in ('platform', 'operator')),
  add constraint platform_keys_operator_home check (role = 'platform' or platform = 'newday');
