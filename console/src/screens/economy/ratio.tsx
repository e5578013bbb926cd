import { useLanguage } from "../../language/language-provider.tsx";
import { LOCALES } from "../../components/moment.tsx";

interface RatioProps {
  /** A decimal text. */
  readonly of: string;
  /** Shown in per cent. */
  readonly isShare?: boolean;
}

/** A ratio to three places; all its digits stand on hover. */
export function Ratio({ of, isShare = false }: RatioProps) {
  const { language } = useLanguage();
  const shown = new Intl.NumberFormat(LOCALES[language], {
    style: isShare ? "percent" : "decimal",
    maximumFractionDigits: isShare ? 2 : 3,
  }).format(Number(of));
  return <span title={of}>{shown}</span>;
}
