-- The secret that signed a session's proof, by a mark that does not reveal it: a session ends when its platform
-- no longer has that secret. Sessions of before have none, and end with the last secret of their platform.
alter table newday.sessions add column secret_mark bytea;
