package dev.portolan.aws.ses;

import dev.portolan.aws.client.LightClients;
import dev.portolan.aws.client.OnMoto;
import dev.portolan.json.Json;
import dev.portolan.testing.Moto;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sesv2.SesV2ClientBuilder;

/// A sender of its own in moto, and what went out from it.
final class MotoMail {

    private final String address = Moto.name("sender") + "@example.com";

    static MotoMail verified() {
        MotoMail mail = new MotoMail();
        mail.verify();
        return mail;
    }

    static SesV2ClientBuilder client() {
        return OnMoto.at(LightClients.once(SesV2Client.builder()));
    }

    void verify() {
        try (SesV2Client client = client().build()) {
            client.createEmailIdentity(create -> create.emailIdentity(address));
        }
    }

    String address() {
        return address;
    }

    String sender() {
        return "Portolan <" + address + ">";
    }

    /// The subjects of the mails that went out, in their order.
    List<String> subjects() {
        return sent().stream().map(mail -> (String) mail.get("subject")).toList();
    }

    /// SES's ids of the mails that went out, in their order.
    List<String> ids() {
        return sent().stream().map(mail -> (String) mail.get("id")).toList();
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> sent() {
        Map<String, Map<String, List<Map<String, Object>>>> data = (Map<String, Map<String, List<Map<String, Object>>>>)
                new Json().decode(Moto.server().data());
        return data.get("ses").get("Message").stream()
                .filter(mail -> String.valueOf(mail.get("source")).contains(address))
                .toList();
    }
}
