using Understudy.Common;

namespace Understudy.Data;

/// <summary>Hair around a drawn head.</summary>
internal enum Hair { Bald, Short, Fringe, Parted, Long, Bun }

/// <summary>An RGB colour, 0–1.</summary>
internal readonly record struct Tone(float R, float G, float B)
{
    public static Tone Grey(double level) => new((float)level, (float)level, (float)level);

    public Tone Times(double k) => new((float)(R * k), (float)(G * k), (float)(B * k));

    public Tone Toward(Tone other, double share) => new(
        (float)(R + (other.R - R) * share), (float)(G + (other.G - G) * share), (float)(B + (other.B - B) * share));

    /// <summary>ITU-R 601 luma.</summary>
    public float Luma => .299f * R + .587f * G + .114f * B;
}

/// <summary>
/// What makes a drawn person that person, whatever the expression, pose and light. Lengths are in half head heights; offsets of
/// brow and mouth are what a resting face shows anyway, so that one face alone does not always tell the expression.
/// </summary>
internal sealed record ToyPerson(
    double Width, double Jaw, double Chin, Tone Skin, Tone HairTone, Hair Hair, double Hairline, double EyeSpacing,
    double EyeSize, double EyeHeight,
    double BrowWeight, double BrowRest, double NoseLength, double NoseWidth, double MouthWidth, double MouthHeight, double Lips,
    double MouthRest,
    double Beard, double Moustache, double Ears, Tone Iris)
{
    public static ToyPerson Draw(ulong seed, int identity, double variety)
    {
        var r = new KeyedRandom(seed, "toy/person", identity);
        double Of(double min, double max) => (min + max) / 2 + variety * (r.Uniform(min, max) - (min + max) / 2);
        Hair Hairstyle() => r.Next(6) is var h && h < 6 * variety ? (Hair)h : Hair.Short;
        var light = Of(0, 1);
        var skin = new Tone(.40f, .27f, .20f).Toward(new(.98f, .84f, .74f), light);
        var hair = r.Uniform() < .25 * light
            ? new Tone(.85f, .70f, .45f).Times(Of(.7, 1)) : new Tone(.30f, .20f, .14f).Times(Of(.2, 1.1));
        if (r.Uniform() < .1 * variety) hair = Tone.Grey(Of(.55, .85));
        var bearded = r.Uniform() < .18 * variety;
        return new(
            Width: Of(.66, .82), Jaw: Of(.05, .38), Chin: Of(.94, 1.06), skin, hair,
            Hairstyle(), Hairline: Of(-.72, -.50), EyeSpacing: Of(.27, .35), EyeSize: Of(.135, .17), EyeHeight: Of(-.17, -.07),
            BrowWeight: Of(.026, .05), BrowRest: Of(-.02, .02), NoseLength: Of(.24, .36), NoseWidth: Of(.09, .15),
            MouthWidth: Of(.24, .32), MouthHeight: Of(.47, .56), Lips: Of(.028, .055), MouthRest: Of(-.025, .025),
            Beard: bearded ? Of(.25, .75) : 0, Moustache: bearded || r.Uniform() < .06 * variety ? Of(.3, .8) : 0,
            Ears: Of(.07, .12),
            Iris: new Tone(.25f, .18f, .10f).Toward(new(.35f, .50f, .60f), r.Uniform() * light));
    }
}
