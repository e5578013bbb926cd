import { checkVersion } from "./check-version.ts";

checkVersion(15);
