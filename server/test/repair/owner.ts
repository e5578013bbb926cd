/** The owner of the tables on a managed server: a login without any right beside them. */
import { quoteIdentifier } from "../../src/db/driver/direct-client.ts";
import type { TestDatabase } from "../support/database.ts";
import { onTestFinished } from "../support/test-end.ts";

/** Gives every table of the database to a new role; returns the role's URL. */
export async function useOwner(database: TestDatabase): Promise<string> {
  const role = `owner_of_${database.name}`;
  await database.db.query(`create role ${role} login`);
  await database.db.query(
    `do $$ declare item record; begin
       execute format('grant create on database %I to ${role}', current_database());
       for item in select nspname as name from pg_namespace
                    where nspname in ('public', 'newday') loop
         execute format('alter schema %I owner to ${role}', item.name);
       end loop;
       for item in select oid::regclass as name from pg_class
                    where relnamespace::regnamespace::text in ('public', 'newday')
                      and relkind = 'r' loop
         execute format('alter table %s owner to ${role}', item.name);
       end loop;
     end $$`,
  );
  onTestFinished(async () => {
    const successor = quoteIdentifier(database.server.user);
    await database.db.query(`reassign owned by ${role} to ${successor}`);
    await database.db.query(`drop owned by ${role}`);
    await database.db.query(`drop role ${role}`);
  });
  return database.url.replace(/\/\/[^@]*@/, `//${role}@`);
}
