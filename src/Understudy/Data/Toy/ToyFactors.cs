using System.Globalization;
using Understudy.Common;

namespace Understudy.Data;

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
public sealed record ToyFactors(int Expression, int Identity, double Intensity, (double X, double Y) Shift, double Roll,
    double Yaw,
    double Scale, double Light, string Occlusion, double Noise, int CopyOf = -1)
{
    /// <summary>All factors of a set as CSV: id, one column per factor; copy_of is an id, or empty.</summary>
    public static string ToCsv(ImageSet set, IReadOnlyList<ToyFactors> factors) =>
        Csv.Row("id", "expression", "identity", "intensity", "shift_x", "shift_y", "roll", "yaw", "scale", "light", "occlusion",
            "noise", "copy_of")
        + string.Concat(factors.Select((f, i) => Csv.Row(
        [
            set.Ids[i], set.Classes[f.Expression], FormattableString.Invariant($"{f.Identity}"),
            .. new[] { f.Intensity, f.Shift.X, f.Shift.Y, f.Roll, f.Yaw, f.Scale,
                f.Light }.Select(v => v.ToString("R", CultureInfo.InvariantCulture)),
            f.Occlusion, f.Noise.ToString("R", CultureInfo.InvariantCulture), f.CopyOf < 0 ? "" : set.Ids[f.CopyOf],
        ])));
}
