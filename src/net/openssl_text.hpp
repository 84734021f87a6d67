// OpenSSL's objects and errors in our terms. Private to net/.
#pragma once

#include <memory>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string>

namespace guildfleet::net {

template <auto Function>
struct openssl_deleter {
  template <class T>
  void operator()(T* object) const noexcept {
    Function(object);
  }
};
using bio_ptr = std::unique_ptr<BIO, openssl_deleter<BIO_free_all>>;
using key_ptr = std::unique_ptr<EVP_PKEY, openssl_deleter<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, openssl_deleter<X509_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, openssl_deleter<X509_EXTENSION_free>>;

// The reason of the oldest error in this thread's queue, which is emptied.
[[nodiscard]] std::string take_openssl_error();

}  // namespace guildfleet::net
