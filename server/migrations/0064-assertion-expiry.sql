-- A proven login clears away the assertions that are over. Found by their time, it does not look through
-- all of the last hour, and two logins meet them in one order.
create index used_assertions_expiry on newday.used_assertions (expires_at);
