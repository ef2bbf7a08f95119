package dev.portolan.composer.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sanctionco.jmail.Email;
import com.sanctionco.jmail.EmailValidator;
import com.sanctionco.jmail.JMail;
import dev.portolan.intake.AddressCheck;

/// The rules of RFC 5321 and 5322 without what no mailbox of today uses: a domain has a top level and is no IP
/// literal; display names, angle brackets, comments, source routes and white space are refused. Letters of
/// every script pass.
public final class JmailAddresses implements AddressCheck {

    /// RFC 5321, section 4.5.3.1.3: 256 octets for a path, less its angle brackets.
    private static final int MOST_OCTETS = 254;

    private static final int LONGEST_LOCAL_PART = 64;
    private static final int LONGEST_LABEL = 63;

    @Override
    public boolean accepts(String address) {
        return isPlain(address) || Library.accepts(address);
    }

    /// Whether an address has the form that nearly all have: a dot-atom, `@`, and names of letters, digits and hyphens.
    /// The library accepts each of these, and need not be loaded for them at a cold start, with all of Unicode.
    static boolean isPlain(String address) {
        int at = address.indexOf('@');
        int dot = address.lastIndexOf('.');
        return address.length() <= MOST_OCTETS
                && at <= LONGEST_LOCAL_PART
                && isDotted(address, 0, at, LONGEST_LOCAL_PART, "!#$%&'*+-/=?^_`{|}~")
                && isDotted(address, at + 1, dot, LONGEST_LABEL, "-")
                && !hasHyphenAtAnEdge(address.substring(at + 1))
                && isDotted(address, dot + 1, address.length(), LONGEST_LABEL, "")
                && address.length() - dot > 2
                && !isDigit(address.charAt(dot + 1));
    }

    /// Whether a part of a text is words of letters, digits and a few signs, with a dot between one and the next.
    private static boolean isDotted(String text, int from, int to, int longest, String signs) {
        int start = from;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '.' && i > start && i - start <= longest) {
                start = i + 1;
            } else if (!isLetter(c) && !isDigit(c) && signs.indexOf(c) < 0) {
                return false;
            }
        }
        return start < to && to - start <= longest;
    }

    /// Two hyphens are an edge too: they mark other scripts in disguise.
    private static boolean hasHyphenAtAnEdge(String domain) {
        return domain.startsWith("-") || domain.contains("--") || domain.contains(".-") || domain.contains("-.");
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /// The library, loaded for an address that is not plain.
    static final class Library {

        private static final EmailValidator VALIDATOR = JMail.validator()
                .disallowIpDomain()
                .requireTopLevelDomain()
                .disallowSingleCharacterTopLevelDomains()
                .disallowObsoleteWhitespace()
                .withRule(email -> email.toString().getBytes(UTF_8).length <= MOST_OCTETS);

        private Library() {}

        static boolean accepts(String address) {
            // The library lets control characters pass.
            return address.chars().noneMatch(Character::isISOControl)
                    && VALIDATOR
                            .tryParse(address)
                            .filter(email -> isAll(address, email))
                            .isPresent();
        }

        private static boolean isAll(String address, Email email) {
            return address.equals(email.localPartWithoutComments() + "@" + email.domainWithoutComments());
        }
    }
}
