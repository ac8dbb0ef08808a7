using Understudy.Evaluation.Numerics;
using Understudy.Evaluation.Statistics;

namespace Understudy.Evaluation.Memorisation;

/// <summary>
/// Authenticity (Alaa et al. 2022): an image is authentic when it lies farther from its nearest training image than that one
/// lies from its own nearest other. Copies never are; fresh real images are at a rate that depends on the space: read it beside
/// theirs.
/// </summary>
/// <param name="Share">Authentic images of all, in [0, 1]; to be read beside the holdout's.</param>
/// <param name="Interval">95 %, Clopper–Pearson.</param>
public readonly record struct Authenticity(double Share, Interval Interval, int Authentic, int Images)
{
    /// <param name="images">Synthetic images, or the holdout for the floor.</param>
    /// <exception cref="ArgumentException">Different dimensions, no image, or fewer than two training images.</exception>
    public static Authenticity Of(Features training, Features images)
    {
        Features.RequireSameDimension(training, images, nameof(images));
        if (images.Count == 0) throw new ArgumentException("no image to judge", nameof(images));
        Neighbours own = Neighbours.Within(training, 1), to = Neighbours.Between(images, training, 1);
        var authentic = Enumerable.Range(0, images.Count).Count(i => to.Squared(i, 0) > own.Squared(to.Index(i, 0), 0));
        return new((double)authentic / images.Count, Proportions.ClopperPearson(authentic, images.Count), authentic,
            images.Count);
    }
}
