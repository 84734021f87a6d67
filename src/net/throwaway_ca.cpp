#include "net/throwaway_ca.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include "net/error.hpp"
#include "net/openssl_text.hpp"

namespace guildfleet::net {
namespace {

constexpr long clock_tolerance_seconds = 3600;

std::string pem_of(const auto& writer) {
  const bio_ptr memory(BIO_new(BIO_s_mem()));
  writer(memory.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

bool add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const extension_ptr extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_random_serial(X509* certificate) {
  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1U) == 1;
}

certificate_ptr unsigned_certificate(EVP_PKEY* key, const std::string& common_name, std::chrono::days valid) {
  certificate_ptr certificate(X509_new());
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  const auto* const text = reinterpret_cast<const unsigned char*>(common_name.c_str());
  const bool made =
      X509_set_version(certificate.get(), X509_VERSION_3) == 1 && set_random_serial(certificate.get()) &&
      X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -clock_tolerance_seconds) != nullptr &&
      X509_time_adj_ex(X509_getm_notAfter(certificate.get()), static_cast<int>(valid.count()), 0, nullptr) !=
          nullptr &&
      X509_set_pubkey(certificate.get(), key) == 1 &&
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1;
  return made ? std::move(certificate) : nullptr;
}

certificate_ptr make_authority(EVP_PKEY* key, std::chrono::days valid) {
  certificate_ptr authority = unsigned_certificate(key, "guildfleet throw-away authority", valid);
  if (authority == nullptr) return nullptr;
  X509* const self = authority.get();
  const bool made = X509_set_issuer_name(self, X509_get_subject_name(self)) == 1 &&
                    add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    add_extension(self, self, NID_subject_key_identifier, "hash") &&
                    X509_sign(self, key, EVP_sha256()) > 0;
  return made ? std::move(authority) : nullptr;
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    boost::system::error_code not_address;
    (void)boost::asio::ip::make_address(name, not_address);
    if (!list.empty()) list += ',';
    list += (not_address ? "DNS:" : "IP:") + name;
  }
  return list;
}

certificate_ptr make_leaf(EVP_PKEY* key, X509* authority, EVP_PKEY* authority_key,
                          const std::vector<std::string>& names, std::chrono::days valid) {
  certificate_ptr leaf = unsigned_certificate(key, "guildfleet throw-away server", valid);
  if (leaf == nullptr) return nullptr;
  const bool made = X509_set_issuer_name(leaf.get(), X509_get_subject_name(authority)) == 1 &&
                    add_extension(leaf.get(), authority, NID_basic_constraints, "critical,CA:FALSE") &&
                    add_extension(leaf.get(), authority, NID_key_usage, "critical,digitalSignature") &&
                    add_extension(leaf.get(), authority, NID_ext_key_usage, "serverAuth") &&
                    add_extension(leaf.get(), authority, NID_subject_alt_name, alternative_names(names)) &&
                    add_extension(leaf.get(), authority, NID_authority_key_identifier, "keyid") &&
                    X509_sign(leaf.get(), authority_key, EVP_sha256()) > 0;
  return made ? std::move(leaf) : nullptr;
}

}  // namespace

base::result<throwaway_ca> make_throwaway_ca(std::vector<std::string> host_names_and_ips,
                                             std::chrono::days valid) {
  const key_ptr authority_key(EVP_EC_gen("P-256"));
  const key_ptr key(EVP_EC_gen("P-256"));
  const certificate_ptr authority = authority_key ? make_authority(authority_key.get(), valid) : nullptr;
  const certificate_ptr leaf =
      authority && key ? make_leaf(key.get(), authority.get(), authority_key.get(), host_names_and_ips, valid)
                       : nullptr;
  if (leaf == nullptr)
    return base::fail(net_error::tls_failed, "a throw-away certificate: " + take_openssl_error());
  return throwaway_ca{
      .ca_pem = pem_of([&](BIO* out) { PEM_write_bio_X509(out, authority.get()); }),
      .certificate_pem = pem_of([&](BIO* out) { PEM_write_bio_X509(out, leaf.get()); }),
      .key_pem = pem_of(
          [&](BIO* out) { PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); }),
  };
}

}  // namespace guildfleet::net
