using Understudy.Common;
using Understudy.Training.Phases;

namespace Understudy.Training;

/// <summary>
/// Notices that a run is lost. A single gradient that is no number is survived (it is replaced, as in the paper's code); losses
/// that are none, or that stay beyond all bounds, weights that are none, and classes whose images are all alike are not.
/// </summary>
internal sealed class DivergenceAlarm(GanTrainingOptions options)
{
    private const double LossBound = 1e4;
    private const int BadGradientsInARow = 20;

    /// <summary>
    /// Under this share of the reals' spread a class's images are one image. Seen in one sound run on FER2013 at 2 kimg: .71 and
    /// more.
    /// </summary>
    internal const double LeastSpread = 0.1;

    /// <summary>Under this coverage a class shows next to nothing of what it should. Seen in that run: .52 and more.</summary>
    internal const double LeastCoverage = 0.02;

    /// <summary>With fewer real images, no coverage at all may be chance.</summary>
    internal const int EnoughForCoverage = 100;

    private readonly Dictionary<string, int> _badLazyGradients = [];
    private int _badGradients;

    /// <exception cref="TrainingDivergedException">Names what went wrong, where, and what to try.</exception>
    public void Watch(long images, ReadOnlySpan<(string Name, double Loss)> losses, double gradientNorm)
    {
        foreach (var (name, loss) in losses)
        {
            if (!(Math.Abs(loss) <= LossBound))
                throw Diverged(images, FormattableString.Invariant($"the loss '{name}' is {loss:g4}"));
        }
        _badGradients = double.IsFinite(gradientNorm) ? 0 : _badGradients + 1;
        if (_badGradients >= BadGradientsInARow)
            throw Diverged(images, $"{BadGradientsInARow} steps in a row had gradients that are no numbers");
    }

    /// <summary>Of a lazily applied term: it has no bound, but must be a number; its gradient need not always be one.</summary>
    /// <param name="term">Null where it was not due.</param>
    /// <exception cref="TrainingDivergedException">Names the term and what went wrong.</exception>
    public void Watch(long images, LazyTerm? term)
    {
        if (term is not { } t) return;
        if (!double.IsFinite(t.Loss)) throw Diverged(images, FormattableString.Invariant($"the loss '{t.Name}' is {t.Loss:g4}"));
        var bad = _badLazyGradients[t.Name] = double.IsFinite(t.Norm) ? 0 : _badLazyGradients.GetValueOrDefault(t.Name) + 1;
        if (bad < BadGradientsInARow) return;
        throw Diverged(images, $"the gradient of '{t.Name}' was no number {BadGradientsInARow} times in a row");
    }

    /// <summary>What is about to be kept must be worth it: weights that are numbers.</summary>
    /// <exception cref="TrainingDivergedException">Some are not.</exception>
    public void RequireFinite(long images, bool finite)
    {
        if (!finite) throw Diverged(images, "the networks hold weights that are no numbers (NaN or infinite)");
    }

    /// <summary>Whether each class still shows different images, and some like its real ones.</summary>
    /// <exception cref="TrainingDivergedException">One of them does not.</exception>
    public void RequireVariety(long images, Quality quality)
    {
        foreach (var (name, f) in quality.Groups)
        {
            if (f.Spread is { } spread && !(spread >= LeastSpread))
                throw Collapsed(images, name,
                    FormattableString.Invariant($"its images differ by {100 * spread:0.#} % of what real ones do"));
            if (f.Coverage is { } coverage && f.Reals >= EnoughForCoverage && !(coverage >= LeastCoverage))
                throw Collapsed(images, name,
                    FormattableString.Invariant($"its images come near {100 * coverage:0.#} % of the real ones"));
        }
    }

    /// <summary>What was counted is a part of a checkpoint, so that a run that was cut in two ends as one that was not.</summary>
    public void Register(TrainingState state) => state
        .Add("bad_gradients", () => _badGradients, v => _badGradients = (int)v, usual: 0)
        .Add("bad_lazy_gradients", () => _badLazyGradients.Where(b => b.Value > 0).Select(b => KeyValuePair.Create(b.Key, (double)b.Value)),
            counts =>
            {
                _badLazyGradients.Clear();
                foreach (var (term, count) in counts) _badLazyGradients[term] = (int)count;
            });

    /// <summary>Forgets what was counted: training goes on from an earlier step.</summary>
    public void Reset()
    {
        _badGradients = 0;
        _badLazyGradients.Clear();
    }

    private TrainingDivergedException Diverged(long images, string what) =>
        new($"training diverged after {Human.Count(images)} images: {what}", Advice);

    private TrainingDivergedException Collapsed(long images, string name, string why) =>
        new((name is Quality.PoolName or Quality.WholeName ? "the generator" : $"class '{name}'")
            + $" collapsed after {Human.Count(images)} images: {why}", Advice + VarietyTrend.AdviceOn(options));

    private string Advice => FormattableString.Invariant(
        $"Start anew with a smaller learning_rate (now {options.LearningRate}) or a larger gamma (now {options.Gamma}); the checkpoints before it are kept");
}
