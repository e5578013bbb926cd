/** Skeletons of texts (UTS 39): equal for texts that look alike. */

/**
 * Letters that look like a Latin one, after NFKD and in lower case. Source: Unicode's confusables.txt
 * (UTS 39); small capitals and turned letters are added. i, l and 1 are one letter here, like o and 0.
 */
const LOOK_ALIKES = [
  ["a", "ⲁɑαаᗅᴀ⍺ꓮꭺ𐊠𖽀"],
  ["b", "ƅьвβᏏᖯⲃꮟ"],
  ["c", "ςсᴄⲥꓚꮯ𐊢𐌂𐐽𐔜𑣩𑣲🝌"],
  ["d", "ԁᑯᗞᗪᴅꓒꓓꭰꮷ"],
  ["e", "ⲉɘəɛεеҽᴇ℮⋿ⴹꓰꬲꭼ𐊆𑣆𑣎"],
  ["f", "ϝքᖴẝꓝꜰꞙꬵ𐊇𐊥𐔥𑣂𝈓"],
  ["g", "ƍɡɢԍցᏻᶃꓖꮐ"],
  ["h", "һհнʜᏂⲏꮋ"],
  ["i", "1l|ıǀɩɪʟιіӏ\u05c0\u05d5\u05df\u0627\u0661\u06f1\u07caᒪᛁ∣⍳⏽│ⲓⳑⵏꓡꓲꙇꭵꮮ𐊊𐌉𐌠𐑃𐔦𑣃𑣒𖼖𖼨𝈪"],
  ["j", "ϳјᴊꭻ"],
  ["k", "κкᴋⲕꓗꮶ"],
  ["m", "μϻмᗰᛖᴍⲙꓟꮇ𐊰𐌑𑜀𑣣"],
  ["n", "ɴνոռⲛꓠ𐔓"],
  ["o", "0οσоօ\u06f5०০੦૦ଠ୦௦ం౦ಂ೦ംഠ൦ං๐໐ဝ၀ჿዐᴏᴑⲟⵔ〇ꓳꬽ𐊒𐊫𐐬𐓪𐔖𑓐𑣈𑣕𑣗𑣠"],
  ["p", "ρϱрᴘⲣꓑꮲ"],
  ["q", "ԛգզ"],
  ["r", "гᴦⲅꭇꭈꮁꓣ"],
  ["s", "ѕƽꜱꓢꮪ𐑈𑣁"],
  ["t", "тτᴛⲧꓔꭲ"],
  ["u", "ʋսᴜꞟꭎꭒꓴ𐓶𑣘"],
  ["v", "ѵᴠ∨⋁ꓦꮩ𑣀"],
  ["w", "ɯѡԝաᴡꓪꮃꮤ𑜊𑜎𑜏𑣦𑣯"],
  ["y", "ɣʏγυуүყᶌỿⲩꓬꭚꭹꮍ𐊲𑣄𑣜𖽃"],
  ["x", "хχ×ⲭꓫ"],
  ["z", "ᴢꓜꮓ"],
] as const;

/** Cache: the plain letter by its look-alike; permanent, about 280 entries. */
const PLAIN = new Map(
  LOOK_ALIKES.flatMap(([plain, others]) => Array.from(others, (other) => [other, plain] as const)),
);

/** Equal for texts that look alike; spaces and marks do not count. */
export function skeletonOf(text: string): string {
  const plain = Array.from(
    text.normalize("NFKD").toLowerCase(),
    (letter) => PLAIN.get(letter) ?? letter,
  );
  return plain
    .join("")
    .replaceAll(/[^\p{L}\p{N}]/gu, "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");
}
