using Understudy.Common;

namespace Understudy.Data;

/// <summary>What <see cref="ToyFaces"/> draws.</summary>
/// <param name="Count">Number of faces, 1 to 1,000,000, as even over the seven classes as it can be.</param>
/// <param name="Seed">The root seed: face i is a function of seed and i, whatever the count.</param>
/// <param name="Size">Pixels a side, 8–512.</param>
/// <param name="Channels">1 (grey) or 3 (skin and hair in colour).</param>
/// <param name="Identities">Number of different people; 0 gives every face a person of its own.</param>
/// <param name="ExactCopies">So many of the last faces are byte-equal copies of earlier ones.</param>
/// <param name="NearCopies">So many of the faces before those are earlier ones shifted by a fraction of a pixel and with other
/// noise.</param>
/// <param name="Noise">0–1: how much noise, blur, bad light and occlusion there is.</param>
/// <param name="Variety">0–1: how much people differ, poses change and expressions weaken; 1 is all that the drawings
/// know.</param>
public sealed record ToyFacesOptions(
    int Count, ulong Seed, int Size = 48, int Channels = 1, int Identities = 0, int ExactCopies = 0, int NearCopies = 0,
    double Noise = 1,
    double Variety = 1)
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
        OptionException.RequireRange("variety", Variety, 0, 1);
        return this;
    }
}
