/** What a database of a test is copied from; the global setup makes them once for the whole run. */
export const TEMPLATES = {
  empty: "template0",
  migrated: "newday_template",
  adopted: "newday_template_adopted",
} as const;
