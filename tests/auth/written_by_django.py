"""Hashes that Django 5.2 wrote of one password, at low costs."""

PASSWORD = "pass word パス "
WRITTEN = {
    "pbkdf2_sha256": "pbkdf2_sha256$1000$qvIsKxUHS9PIY8dDzRkZEu$dnkkpOP00iC54NIWD8LpNg5jv0fI66Znez9xOKbUHCw=",
    "pbkdf2_sha1": "pbkdf2_sha1$1000$14CTpjTQUxWwk2eLp3UeNx$JhGIccc3l6/kTHbPLbiFgXMepB0=",
    "argon2": "argon2$argon2id$v=19$m=64,t=1,p=2$UlRKdzM4S1oyNm1TVFNnaG5Ham1DeA"
    "$w73jA+PbJj3Cg92W6AY8huB4HY8uIwRr73JxDYwd66k",
    "bcrypt_sha256": "bcrypt_sha256$$2b$04$XZpN3PfOWkXXsUMqRV7hAe0Vc8wURzGi3Yz.F3D0ZgFCApIVN4d8S",
    "bcrypt": "bcrypt$$2b$04$4w3p/gSEa.N28tXhGREJyeQ1x3WJf4Y4kP62YBj4ThYWyd8Ljc.n.",
    "scrypt": "scrypt$16$0ecDx1teZfcf8a0qWzMC2m$8$5$eCJpafSxJPdx/XF2iU4w+HWJAv+UNNZ5sLiux6uaBvXdZcsSdBu1f1HK"
    "ju+cWzSe7IIFdLeEnbOxnzKhnO8ZzA==",
}
MD5 = "md5$TZBHa9zfO8x4mPwL9YJJpq$814ef90b076e3afd688b8de0dc6b5328"
