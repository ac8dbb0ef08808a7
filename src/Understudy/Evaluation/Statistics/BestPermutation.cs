using Understudy.Evaluation.Utility;

namespace Understudy.Evaluation.Statistics;

/// <summary>
/// Would another order of the classes make the predictions better? A large gain says that training and test numbered their
/// classes differently. Solved exactly by the Hungarian method (Kuhn 1955; shortest augmenting paths, O(K³)).
/// </summary>
/// <param name="Mapping"><c>Mapping[predicted]</c> is the true class that a predicted one should have been called.</param>
/// <param name="Gain">Accuracy under the mapping minus accuracy as it is, in [0, 1]; 0 for the identity.</param>
public sealed record BestPermutation(IReadOnlyList<int> Mapping, double Accuracy, double Gain)
{
    public static BestPermutation Of(ConfusionMatrix confusion)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        var k = confusion.Classes;
        // One count outweighs all K ones on the diagonal, which only decide between equals: in favour of the order as it is.
        var cost = new long[k, k];
        for (int predicted = 0; predicted < k; predicted++)
        {
            for (int actual = 0; actual < k; actual++)
                cost[predicted, actual] = -(k + 1) * confusion[actual, predicted] - (predicted == actual ? 1 : 0);
        }
        var mapping = Assign(cost);
        double total = confusion.Total, best = Enumerable.Range(0, k).Sum(p => confusion[mapping[p], p]);
        return new(mapping, best / total, (best - confusion.Correct) / total);
    }

    /// <summary>The column of each row such that the sum of costs is least and no column serves twice.</summary>
    internal static int[] Assign(long[,] cost)
    {
        var n = cost.GetLength(0);
        long[] rowPrice = new long[n + 1], columnPrice = new long[n + 1];
        int[] rowOf = new int[n + 1], from = new int[n + 1];            // 1-based; column 0 stands for "not yet assigned"
        for (int row = 1; row <= n; row++)
        {
            rowOf[0] = row;
            var slack = new long[n + 1];
            Array.Fill(slack, long.MaxValue);
            var visited = new bool[n + 1];
            int column = 0;
            do
            {
                visited[column] = true;
                int r = rowOf[column], next = 0;
                var step = long.MaxValue;
                for (int c = 1; c <= n; c++)
                {
                    if (visited[c]) continue;
                    var reduced = cost[r - 1, c - 1] - rowPrice[r] - columnPrice[c];
                    if (reduced < slack[c]) (slack[c], from[c]) = (reduced, column);
                    if (slack[c] < step) (step, next) = (slack[c], c);
                }
                for (int c = 0; c <= n; c++)
                {
                    if (visited[c]) (rowPrice[rowOf[c]], columnPrice[c]) = (rowPrice[rowOf[c]] + step, columnPrice[c] - step);
                    else if (c > 0) slack[c] -= step;
                }
                column = next;
            }
            while (rowOf[column] != 0);
            for (; column != 0; column = from[column]) rowOf[column] = rowOf[from[column]];
        }
        var assigned = new int[n];
        for (int c = 1; c <= n; c++) assigned[rowOf[c] - 1] = c - 1;
        return assigned;
    }
}
