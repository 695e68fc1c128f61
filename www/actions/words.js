// What dialogs of actions say, in the overlay's languages; `docs/embedding.md` says where each stands.
export default {
  en: {
    coupon_copied: "Copied", coupon_copy: "Copy code", coupon_manual: "Copying is not allowed here. The code is marked: copy it yourself.", coupon_title: "Your code", coupon_use: "Use it now",
    lead_consent_wrong: "Tick the box to agree first.", lead_email: "E-mail", lead_email_wrong: "Enter an e-mail address like name@example.com.", lead_failed: "It could not be sent. Please try again.",
    lead_name: "Name (optional)", lead_policy: "Privacy policy", lead_send: "Send", lead_sending: "Sending…", lead_thanks: "Thank you. It has been sent.", lead_title: "Stay in touch",
    poll_high: "very satisfied", poll_likely: "very likely", poll_low: "very dissatisfied", poll_thanks: "Thank you for your answer.", poll_unlikely: "not at all likely",
  },
  ar: {
    coupon_copied: "تم النسخ", coupon_copy: "نسخ الرمز", coupon_manual: "النسخ غير مسموح هنا. الرمز محدد: انسخه بنفسك.", coupon_title: "رمزك", coupon_use: "استخدمه الآن",
    lead_consent_wrong: "يرجى تحديد المربع للموافقة أولاً.", lead_email: "البريد الإلكتروني", lead_email_wrong: "أدخل عنوان بريد إلكتروني مثل name@example.com.", lead_failed: "تعذر الإرسال. يُرجى المحاولة مرة أخرى.",
    lead_name: "الاسم (اختياري)", lead_policy: "سياسة الخصوصية", lead_send: "إرسال", lead_sending: "جارٍ الإرسال…", lead_thanks: "شكرًا لك. تم الإرسال.", lead_title: "ابقَ على تواصل",
    poll_high: "راضٍ جدًا", poll_likely: "محتمل جدًا", poll_low: "غير راضٍ إطلاقًا", poll_thanks: "شكرًا على إجابتك.", poll_unlikely: "غير محتمل إطلاقًا",
  },
  de: {
    coupon_copied: "Kopiert", coupon_copy: "Code kopieren", coupon_manual: "Kopieren ist hier nicht erlaubt. Der Code ist markiert: Bitte selbst kopieren.", coupon_title: "Ihr Code", coupon_use: "Jetzt einlösen",
    lead_consent_wrong: "Bitte stimmen Sie zuerst zu.", lead_email: "E-Mail", lead_email_wrong: "Bitte eine E-Mail-Adresse wie name@example.com eingeben.", lead_failed: "Das Senden hat nicht geklappt. Bitte versuchen Sie es noch einmal.",
    lead_name: "Name (freiwillig)", lead_policy: "Datenschutzerklärung", lead_send: "Senden", lead_sending: "Wird gesendet …", lead_thanks: "Vielen Dank. Es wurde gesendet.", lead_title: "In Kontakt bleiben",
    poll_high: "sehr zufrieden", poll_likely: "sehr wahrscheinlich", poll_low: "sehr unzufrieden", poll_thanks: "Vielen Dank für Ihre Antwort.", poll_unlikely: "sehr unwahrscheinlich",
  },
  es: {
    coupon_copied: "Copiado", coupon_copy: "Copiar el código", coupon_manual: "Aquí no se puede copiar. El código está marcado: cópielo usted.", coupon_title: "Su código", coupon_use: "Usarlo ahora",
    lead_consent_wrong: "Primero marque la casilla para aceptar.", lead_email: "Correo electrónico", lead_email_wrong: "Introduzca una dirección como name@example.com.", lead_failed: "No se ha podido enviar. Inténtelo de nuevo.",
    lead_name: "Nombre (opcional)", lead_policy: "Política de privacidad", lead_send: "Enviar", lead_sending: "Enviando…", lead_thanks: "Gracias. Se ha enviado.", lead_title: "Sigamos en contacto",
    poll_high: "muy satisfecho", poll_likely: "muy probable", poll_low: "muy insatisfecho", poll_thanks: "Gracias por su respuesta.", poll_unlikely: "nada probable",
  },
  fr: {
    coupon_copied: "Copié", coupon_copy: "Copier le code", coupon_manual: "La copie n’est pas autorisée ici. Le code est sélectionné : copiez-le vous-même.", coupon_title: "Votre code", coupon_use: "L’utiliser maintenant",
    lead_consent_wrong: "Cochez d’abord la case pour accepter.", lead_email: "Adresse e-mail", lead_email_wrong: "Saisissez une adresse e-mail comme name@example.com.", lead_failed: "L’envoi a échoué. Veuillez réessayer.",
    lead_name: "Nom (facultatif)", lead_policy: "Politique de confidentialité", lead_send: "Envoyer", lead_sending: "Envoi en cours…", lead_thanks: "Merci. C’est envoyé.", lead_title: "Restons en contact",
    poll_high: "très satisfait", poll_likely: "très probable", poll_low: "très insatisfait", poll_thanks: "Merci pour votre réponse.", poll_unlikely: "pas du tout probable",
  },
  nl: {
    coupon_copied: "Gekopieerd", coupon_copy: "Code kopiëren", coupon_manual: "Kopiëren is hier niet toegestaan. De code is geselecteerd: kopieer hem zelf.", coupon_title: "Uw code", coupon_use: "Nu gebruiken",
    lead_consent_wrong: "Vink eerst het vakje aan om akkoord te gaan.", lead_email: "E-mailadres", lead_email_wrong: "Vul een e-mailadres in zoals name@example.com.", lead_failed: "Verzenden is niet gelukt. Probeer het nog eens.",
    lead_name: "Naam (niet verplicht)", lead_policy: "Privacybeleid", lead_send: "Verzenden", lead_sending: "Wordt verzonden…", lead_thanks: "Bedankt. Het is verzonden.", lead_title: "Blijf op de hoogte",
    poll_high: "zeer tevreden", poll_likely: "zeer waarschijnlijk", poll_low: "zeer ontevreden", poll_thanks: "Bedankt voor uw antwoord.", poll_unlikely: "zeer onwaarschijnlijk",
  },
};
