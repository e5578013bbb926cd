import fc from "fast-check";
import { expect, it } from "vitest";
import { BoundedMap } from "../src/lib/bounded-map.ts";

const KEYS = 12;
const call = fc.record({
  name: fc.constantFrom("set", "set", "set", "delete", "clear"),
  key: fc.nat(KEYS - 1),
});

it("holds exactly the newest keys, whatever was set again, deleted or cleared", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(call, { maxLength: 80 }), (max, calls) => {
      const map = new BoundedMap<number, number>(max);
      let model: { key: number; value: number }[] = [];
      for (const [value, { name, key }] of calls.entries()) {
        model = name === "clear" ? [] : model.filter((entry) => entry.key !== key);
        if (name === "set") model = [...model, { key, value }].slice(-max);
        if (name === "set") map.set(key, value);
        else if (name === "delete") map.delete(key);
        else map.clear();
        for (let one = 0; one < KEYS; one += 1)
          expect(map.get(one)).toBe(model.find((entry) => entry.key === one)?.value);
      }
    }),
  );
});
