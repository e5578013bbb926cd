/** Refusals of `newday repair` about the encryption of the connection and its certificates. */
import type { RefusalRows } from "./refusal-row.ts";

export const TLS_REFUSALS = {
  certificate_unverified: {
    error: "repair_refused",
    message: {
      en: "The server's certificate was not verified: {words}.",
      zh: "服务器证书未通过验证：{words}。",
    },
    remedy: {
      en: "Name the certificate of its authority in the URL (sslmode=verify-full&sslrootcert=FILE); or encrypt without that proof (sslmode=no-verify): the plan records the certificate, and another one is refused (B08).",
      zh: "请在 URL 中给出其颁发机构的证书（sslmode=verify-full&sslrootcert=文件）；或只加密不验证（sslmode=no-verify）：计划会记录证书，之后若更换将被拒绝（B08）。",
    },
  },
  certificate_of_other_host: {
    error: "repair_refused",
    message: {
      en: "The server's certificate is of another host: {words}.",
      zh: "服务器证书属于其他主机：{words}。",
    },
    remedy: {
      en: "Write a host in the URL that the certificate names; or verify its authority alone (sslmode=verify-ca&sslrootcert=FILE).",
      zh: "请在 URL 中使用证书所列的主机名；或仅验证其颁发机构（sslmode=verify-ca&sslrootcert=文件）。",
    },
  },
  client_certificate_refused: {
    error: "repair_refused",
    message: {
      en: "The server wants a client certificate that it accepts: {words}.",
      zh: "服务器要求其认可的客户端证书：{words}。",
    },
    remedy: {
      en: "Name the certificate and key of this login in the URL: sslcert=FILE&sslkey=FILE.",
      zh: "请在 URL 中给出该登录的证书与私钥：sslcert=文件&sslkey=文件。",
    },
  },
  tls_required: {
    error: "repair_refused",
    message: { en: "The server refused the connection: {words}.", zh: "服务器拒绝连接：{words}。" },
    remedy: {
      en: "It accepts TLS only: add ?sslmode=verify-full&sslrootcert=FILE to the URL, with the provider's certificate authority; sslrootcert=system takes the public ones.",
      zh: "服务器只接受 TLS：请在 URL 中加 ?sslmode=verify-full&sslrootcert=文件（服务商的证书颁发机构）；公共机构用 sslrootcert=system。",
    },
  },
  tls_unsupported: {
    error: "repair_refused",
    message: { en: "The server refused the connection: {words}.", zh: "服务器拒绝连接：{words}。" },
    remedy: {
      en: "Without TLS: sslmode=disable in the URL.",
      zh: "如不使用 TLS，请在 URL 中加 sslmode=disable。",
    },
  },
} as const satisfies RefusalRows;
