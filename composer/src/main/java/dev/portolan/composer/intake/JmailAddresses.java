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

    private static final EmailValidator VALIDATOR = JMail.validator()
            .disallowIpDomain()
            .requireTopLevelDomain()
            .disallowSingleCharacterTopLevelDomains()
            .disallowObsoleteWhitespace()
            .withRule(email -> email.toString().getBytes(UTF_8).length <= MOST_OCTETS);

    @Override
    public boolean accepts(String address) {
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
