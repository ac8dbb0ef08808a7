using Understudy.Common;

namespace Understudy.Data;

/// <summary>What <see cref="ToyFaces"/> draws.</summary>
/// <param name="Count">Number of faces, 1 to 1,000,000, as even over the seven classes as it can be.</param>
/// <param name="Seed">The root seed: face i is a function of seed and i, whatever the count.</param>
/// <param name="Size">Pixels a side, 8–512.</param>
/// <param name="Channels">1 (grey) or 3 (skin and hair in colour).</param>
/// <param name="Identities">Number of different people; 0 gives every face a person of its own.</param>
/// <param name="ExactCopies">So many of the last faces are byte-equal copies of earlier ones.</param>
/// <param name="NearCopies">So many of the faces before those are earlier ones shifted by a fraction of a pixel and with other noise.</param>
/// <param name="Noise">0–1: how much noise, blur, bad light and occlusion there is.</param>
public sealed record ToyFacesOptions(
    int Count, ulong Seed, int Size = 48, int Channels = 1, int Identities = 0, int ExactCopies = 0, int NearCopies = 0, double Noise = 1)
{
    /// <exception cref="OptionException">A value out of range.</exception>
    public ToyFacesOptions Validate()
    {
        OptionException.RequireRange("count", Count, 1, 1_000_000);
        OptionException.RequireRange("size", Size, 8, 512);
        if (Channels is not (1 or 3)) throw new OptionException($"channels: {Channels} is not known; 1 (grey) or 3 (RGB)");
        OptionException.RequireRange("identities", Identities, 0, 1_000_000);
        OptionException.RequireRange("exact_copies", ExactCopies, 0, Count - 1);
        OptionException.RequireRange("near_copies", NearCopies, 0, Count - 1 - ExactCopies);
        OptionException.RequireRange("noise", Noise, 0, 1);
        return this;
    }
}

/// <summary>What is known of a drawn face: the ground truth for tests of everything that guesses it.</summary>
/// <param name="Expression">The class, an index into <see cref="ToyFaces.Classes"/>.</param>
/// <param name="Identity">Who it is: equal numbers are the same person.</param>
/// <param name="Intensity">0–1: from hardly readable to full.</param>
/// <param name="Shift">Shift of the head in parts of the image side, (x, y).</param>
/// <param name="Roll">Rotation in the image plane, radians.</param>
/// <param name="Yaw">−1 to 1: features moved and squeezed towards one side.</param>
/// <param name="Scale">Size of the head, 1 in the mean.</param>
/// <param name="Light">Strength of the light's gradient, 0–1.</param>
/// <param name="Occlusion">"none", "glasses", "dark glasses", "hand" or "bar".</param>
/// <param name="Noise">Standard deviation of the noise added, in levels of 255.</param>
/// <param name="CopyOf">The face this is a planted copy of, or −1.</param>
public sealed record ToyFactors(int Expression, int Identity, double Intensity, (double X, double Y) Shift, double Roll, double Yaw,
    double Scale, double Light, string Occlusion, double Noise, int CopyOf = -1);
