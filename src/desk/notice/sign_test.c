/* sign_test.c - signatures of messages: the published example of Standard Webhooks, and every part changed.
 */
#include "desk/notice/sign.h"
#include <string.h>

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define BODY "{\"test\": 2432232314}"
#define AT 1614265330

static void the_published_example_is_signed_as_published(void)
{
    g_autofree char *signature = notice_sign(SECRET, ID, AT, BODY, strlen(BODY));
    g_assert_cmpstr(signature, ==, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void a_signature_holds_for_its_own_message_only(void)
{
    static const char good[] = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    static const struct {
        const char *name, *secret, *id, *at, *signature, *body;
        gint64 now;
        gboolean want;
    } rows[] = {
        /* clang-format off */
        { "as signed",             SECRET, ID, "1614265330", good, BODY, AT, TRUE },
        { "second of several",     SECRET, ID, "1614265330", "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", BODY, AT, TRUE },
        { "five minutes late",     SECRET, ID, "1614265330", good, BODY, AT + 300, TRUE },
        { "a second more",         SECRET, ID, "1614265330", good, BODY, AT + 301, FALSE },
        { "from the future",       SECRET, ID, "1614265330", good, BODY, AT - 301, FALSE },
        { "another id",            SECRET, "msg_q", "1614265330", good, BODY, AT, FALSE },
        { "another time",          SECRET, ID, "1614265331", good, BODY, AT, FALSE },
        { "another body",          SECRET, ID, "1614265330", good, "{\"test\": 2432232315}", AT, FALSE },
        { "another secret",        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx", ID, "1614265330", good, BODY, AT, FALSE },
        { "another version",       SECRET, ID, "1614265330", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", BODY, AT, FALSE },
        { "cut short",             SECRET, ID, "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1O==", BODY, AT, FALSE },
        { "no signature",          SECRET, ID, "1614265330", NULL, BODY, AT, FALSE },
        { "no id",                 SECRET, NULL, "1614265330", good, BODY, AT, FALSE },
        { "no time",               SECRET, ID, NULL, good, BODY, AT, FALSE },
        { "a time that is none",   SECRET, ID, "1614265330x", good, BODY, AT, FALSE },
        /* clang-format on */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].name);
        g_assert_cmpint(notice_signed(rows[i].secret, rows[i].id, rows[i].at, rows[i].signature, rows[i].body,
                                      strlen(rows[i].body), rows[i].now),
                        ==, rows[i].want);
    }
}

static void a_secret_is_long_enough_or_refused(void)
{
    static const struct {
        const char *secret;
        gboolean sound;
    } rows[] = {
        { SECRET, TRUE },        { "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", FALSE },        { "whsec_", FALSE },
        { "whsec_AAAA", FALSE }, { "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw!", FALSE }, { NULL, FALSE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpint(notice_secret_sound(rows[i].secret), ==, rows[i].sound);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notice/the_published_example_is_signed_as_published",
                    the_published_example_is_signed_as_published);
    g_test_add_func("/notice/a_signature_holds_for_its_own_message_only",
                    a_signature_holds_for_its_own_message_only);
    g_test_add_func("/notice/a_secret_is_long_enough_or_refused", a_secret_is_long_enough_or_refused);
    return g_test_run();
}
